import type { Translation } from "@/i18n/translation";

export const shortcuts: Translation["shortcuts"] = {
  title: "اختصارات لوحة المفاتيح",
  search: "البحث في الدردشات والرسائل",
  searchHere: "البحث في هذه الدردشة",
  previous: "الدردشة السابقة",
  next: "الدردشة التالية",
  info: "معلومات الدردشة",
  back: "إغلاق النافذة المفتوحة",
  list: "عرض هذه القائمة",
  send: "إرسال",
  line: "سطر جديد",
  editLast: "تعديل آخر رسالة لك",
  mention: "الإشارة إلى شخص",
  inMenus: "التنقل في القوائم",
  keys: { up: "↑", down: "↓", enter: "Enter", shift: "Shift", alt: "Alt", ctrl: "Ctrl", escape: "Esc" },
};
