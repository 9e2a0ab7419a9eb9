import type { Translation } from "@/i18n/translation";

export const push: Translation["notifications"]["push"] = {
  app: "chatproject",
  message: "आपके लिए नया मैसेज है",
  messages: "आपके लिए नए मैसेज हैं",
  kinds: {
    call: "इनकमिंग कॉल",
    connection_request: "आपसे कनेक्ट करना चाहते हैं",
    connection_accepted: "आपका अनुरोध स्वीकार किया",
    join_request: "आपके ग्रुप में शामिल होना चाहते हैं",
    join_approved: "आपको ग्रुप में शामिल किया",
    join_rejected: "शामिल होने का आपका अनुरोध अस्वीकार किया गया",
    reaction: "आपके मैसेज पर रिएक्ट किया",
  },
  files: {
    image: "📷 फ़ोटो",
    video: "🎬 वीडियो",
    audio: "🎵 ऑडियो",
    voice: "🎤 वॉइस मैसेज",
    file: "📄 फ़ाइल",
    location: "📍 लोकेशन",
    contact: "👤 कॉन्टैक्ट",
    poll: "📊 पोल",
  },
  other: "कुछ नया है",
};
