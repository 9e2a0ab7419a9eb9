import type { Translation } from "@/i18n/translation";

export const account: Translation["account"] = {
  storage: {
    title: "Speicher",
    browser: "In diesem Browser",
    browserHint: "Deine letzten Chats liegen hier, damit sie sofort aufgehen, auch ohne Netz. Beim Abmelden werden sie gelöscht.",
    unknown: "Unbekannt",
  },
  export: {
    title: "Eine Kopie deiner Daten",
    text: "Eine ZIP-Datei mit deinem Profil, deinen Kontakten, Nachrichten und Dateien. Sie wird auf dem Server erstellt, das dauert eine Weile.",
    start: "Kopie anfordern",
    again: "Neue Kopie anfordern",
    waiting: "Wartet, bis sie an der Reihe ist…",
    running: "Wird erstellt…",
    progress: "Fortschritt deiner Kopie",
    ready: "Erstellt: {{when}}.",
    expires: "Du kannst sie bis {{when}} herunterladen.",
    download: "Herunterladen ({{size}})",
    tooMany: "Mehr Kopien kannst du heute nicht anfordern. Versuch es morgen wieder.",
  },
  delete: {
    title: "Konto löschen",
    text: "Dein Konto wird endgültig gelöscht. Niemand kann es zurückholen.",
    start: "Mein Konto löschen",
    dialogTitle: "Dein Konto löschen?",
    goes: "Das wird auf allen Geräten gelöscht:",
    what: {
      profile: "Dein Profil, dein Name und dein Foto: Andere sehen „Gelöschtes Konto“",
      messages: "Text und Dateien aller Nachrichten, die du gesendet hast",
      contacts: "Deine Kontakte, Chats und Einstellungen",
      groups: "Gruppen, die dir gehören, gehen an ein anderes Mitglied über",
    },
    copyFirst: "Möchtest du etwas behalten? Fordere zuerst eine Kopie deiner Daten an.",
    continue: "Weiter",
    confirmTitle: "Bist du sicher?",
    confirmText: "Gib {{identifier}} ein, um dieses Konto zu löschen.",
    field: "Deine E-Mail, Telefonnummer oder dein Benutzername",
    back: "Zurück",
    confirm: "Endgültig löschen",
  },
};
