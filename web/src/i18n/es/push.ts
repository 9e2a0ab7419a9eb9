import type { Translation } from "@/i18n/translation";

/** What notifications of the system say; the service worker carries these. */
export const push: Translation["notifications"]["push"] = {
  app: "chatproject",
  message: "Tienes un mensaje nuevo",
  messages: "Tienes mensajes nuevos",
  kinds: {
    call: "Llamada entrante",
    connection_request: "Quiere conectar contigo",
    connection_accepted: "Ha aceptado tu solicitud",
    join_request: "Quiere unirse a tu grupo",
    join_approved: "Te ha dejado entrar en el grupo",
    join_rejected: "Se ha rechazado tu solicitud para unirte",
    reaction: "Ha reaccionado a tu mensaje",
  },
  files: {
    image: "📷 Foto",
    video: "🎬 Vídeo",
    audio: "🎵 Audio",
    voice: "🎤 Mensaje de voz",
    file: "📄 Archivo",
    location: "📍 Ubicación",
    contact: "👤 Contacto",
    poll: "📊 Encuesta",
  },
  other: "Hay novedades",
};
