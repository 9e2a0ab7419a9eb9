import type { Translation } from "@/i18n/translation";

/** What notifications of the system say; the service worker carries these. */
export const push: Translation["notifications"]["push"] = {
  app: "chatproject",
  message: "Du hast eine neue Nachricht",
  messages: "Du hast neue Nachrichten",
  kinds: {
    call: "Eingehender Anruf",
    connection_request: "Möchte sich mit dir verbinden",
    connection_accepted: "Hat deine Anfrage angenommen",
    join_request: "Möchte deiner Gruppe beitreten",
    join_approved: "Hat dich in die Gruppe gelassen",
    join_rejected: "Deine Beitrittsanfrage wurde abgelehnt",
    reaction: "Hat auf deine Nachricht reagiert",
  },
  files: {
    image: "📷 Foto",
    video: "🎬 Video",
    audio: "🎵 Audio",
    voice: "🎤 Sprachnachricht",
    file: "📄 Datei",
    location: "📍 Standort",
    contact: "👤 Kontakt",
    poll: "📊 Umfrage",
  },
  other: "Etwas Neues",
};
