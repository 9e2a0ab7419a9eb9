import type { Translation } from "@/i18n/translation";

export const shortcuts: Translation["shortcuts"] = {
  title: "कीबोर्ड शॉर्टकट",
  search: "चैट और मैसेज खोजें",
  searchHere: "इस चैट में खोजें",
  previous: "पिछली चैट",
  next: "अगली चैट",
  info: "चैट की जानकारी",
  back: "खुली हुई चीज़ बंद करें",
  list: "यह लिस्ट दिखाएँ",
  send: "भेजें",
  line: "नई लाइन",
  editLast: "अपना आखिरी मैसेज एडिट करें",
  mention: "किसी को मेंशन करें",
  inMenus: "मेन्यू और लिस्ट में आगे-पीछे जाएँ",
  keys: { up: "↑", down: "↓", enter: "Enter", shift: "Shift", alt: "Alt", ctrl: "Ctrl", escape: "Esc" },
};
