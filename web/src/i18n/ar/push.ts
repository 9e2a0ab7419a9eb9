import type { Translation } from "@/i18n/translation";

export const push: Translation["notifications"]["push"] = {
  app: "chatproject",
  message: "لديك رسالة جديدة",
  messages: "لديك رسائل جديدة",
  kinds: {
    call: "مكالمة واردة",
    connection_request: "يريد التواصل معك",
    connection_accepted: "قبل طلبك",
    join_request: "يطلب الانضمام إلى مجموعتك",
    join_approved: "قبل انضمامك إلى المجموعة",
    join_rejected: "تم رفض طلب انضمامك",
    reaction: "تفاعل مع رسالتك",
  },
  files: {
    image: "📷 صورة",
    video: "🎬 فيديو",
    audio: "🎵 مقطع صوتي",
    voice: "🎤 رسالة صوتية",
    file: "📄 ملف",
    location: "📍 موقع",
    contact: "👤 جهة اتصال",
    poll: "📊 استطلاع",
  },
  other: "هناك جديد",
};
