import type { Translation } from "@/i18n/translation";

export const search: Translation["search"] = {
  title: "मैसेज खोजें",
  in: "{{name}} में खोजें",
  field: "खोजें",
  chats: "चैट",
  messages: "मैसेज",
  hint: "कोई शब्द या उसकी शुरुआत टाइप करें।",
  none: "कोई मैसेज नहीं मिला",
  noneText: "“{{query}}” से मिलता-जुलता कुछ नहीं मिला।",
  more: "और दिखाएँ",
  kinds: "प्रकार",
  kind: { any: "सब कुछ", text: "टेक्स्ट", link: "लिंक", poll: "पोल", location: "लोकेशन", contact: "कॉन्टैक्ट" },
  from: "किसने भेजा",
  anyone: "कोई भी",
  since: "कब से",
  sinceWhen: { any: "कभी भी", week: "पिछले 7 दिन", month: "पिछले 30 दिन", year: "पिछला साल" },
  results: "मिले हुए मैसेज",
};
