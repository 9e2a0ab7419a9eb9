import type { Translation } from "@/i18n/translation";

export const search: Translation["search"] = {
  title: "البحث في الرسائل",
  in: "البحث في {{name}}",
  field: "بحث",
  chats: "الدردشات",
  messages: "الرسائل",
  hint: "اكتب كلمة أو بدايتها.",
  none: "لم يتم العثور على رسائل",
  noneText: "لا شيء يطابق «{{query}}».",
  more: "عرض المزيد",
  kinds: "النوع",
  kind: { any: "الكل", text: "النصوص", link: "الروابط", poll: "الاستطلاعات", location: "المواقع", contact: "جهات الاتصال" },
  from: "المرسل",
  anyone: "أي شخص",
  since: "الفترة",
  sinceWhen: { any: "أي وقت", week: "آخر 7 أيام", month: "آخر 30 يومًا", year: "آخر سنة" },
  results: "نتائج البحث",
};
