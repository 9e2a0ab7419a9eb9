import type { Translation } from "@/i18n/translation";

/** What is said of pictures, films, sound and files. */
export const media: Translation["media"] = {
  photo: "Foto",
  video: "Video",
  openPhoto: "Foto öffnen",
  openVideo: "Video abspielen, {{duration}}",
  openVideoUnknown: "Video abspielen",
  more: "{{count}} weitere anzeigen",
  photos_one: "{{count}} Foto",
  photos_other: "{{count}} Fotos",
  videos_one: "{{count}} Video",
  videos_other: "{{count}} Videos",
  items_one: "{{count}} Medium",
  items_other: "{{count}} Medien",
  files_one: "{{count}} Datei",
  files_other: "{{count}} Dateien",
  processing: "Wird verarbeitet…",
  uploading: "Wird hochgeladen, {{percent}} %",
  cancelUpload: "Senden abbrechen",
  gone: "Diese Datei ist nicht mehr verfügbar",
  broken: "Konnte nicht geladen werden",
  reload: "Neu laden",
  rejected: {
    broken: "Diese Datei konnte nicht gelesen werden",
    too_large: "Dieses Bild ist zu groß zum Anzeigen",
    too_long: "Diese Aufnahme ist zu lang",
    no_sound: "In dieser Aufnahme ist nichts zu hören",
    timeout: "Diese Datei zu verarbeiten hat zu lange gedauert",
    failed: "Diese Datei konnte nicht verarbeitet werden",
  },
  download: "{{name}} herunterladen",
  size: "{{kind}}, {{size}}",
  play: "Abspielen",
  pause: "Pause",
  voice: "Sprachnachricht",
  position: "Position",
  positionText: "{{at}} von {{duration}}",
  speed: "Wiedergabetempo: {{rate}}×",
};

/** The viewer of pictures and films. */
export const viewer: Translation["viewer"] = {
  title: "Fotos und Videos von {{name}}",
  previous: "Zurück",
  next: "Weiter",
  zoomIn: "Vergrößern",
  zoomOut: "Verkleinern",
  download: "Herunterladen",
  show: "Im Chat anzeigen",
  close: "Schließen",
  you: "Du",
};

/** What was shared in a chat. */
export const shared: Translation["shared"] = {
  title: "Medien, Links und Dateien",
  media: "Medien",
  files: "Dateien",
  links: "Links",
  noMedia: "Noch keine Fotos oder Videos",
  mediaHint: "Fotos und Videos aus diesem Chat findest du hier beisammen.",
  noFiles: "Noch keine Dateien",
  filesHint: "Dokumente und Audiodateien aus diesem Chat findest du hier beisammen.",
  noLinks: "Noch keine Links",
  linksHint: "Links aus diesem Chat findest du hier beisammen.",
};

/** Files before they are sent. */
export const attach: Translation["attach"] = {
  media: "Fotos und Videos",
  camera: "Kamera",
  file: "Datei",
  title: "Dateien senden",
  caption: "Nachricht hinzufügen",
  send: "Senden",
  add: "Weitere hinzufügen",
  remove: "{{name}} entfernen",
  show: "{{name}} anzeigen",
  untouched: "Als Datei senden",
  untouchedHint: "In Originalqualität. Was im Foto steckt, geht mit, etwa der Aufnahmeort.",
  drop: "Dateien ablegen, um sie zu senden",
  dropHint: "an {{name}}",
  looking: "Wird vorbereitet…",
  tooMany_one: "In eine Nachricht passt nur {{count}} Datei. Die anderen wurden weggelassen.",
  tooMany_other: "In eine Nachricht passen nur {{count}} Dateien. Die anderen wurden weggelassen.",
  tooLarge: "„{{name}}“ ist größer als {{limit}} und kann nicht gesendet werden.",
  empty: "„{{name}}“ ist leer und kann nicht gesendet werden.",
};

/** Recording one's voice. */
export const recorder: Translation["recorder"] = {
  start: "Sprachnachricht aufnehmen",
  recording: "Aufnahme läuft",
  cancel: "Aufnahme verwerfen",
  stop: "Stoppen und anhören",
  send: "Sprachnachricht senden",
  slide: "Zum Abbrechen wischen",
  lock: "Nach oben wischen, um weiter aufzunehmen",
  play: "Aufnahme abspielen",
  pause: "Aufnahme anhalten",
  denied: "Das Mikrofon ist für diese Website blockiert. Erlaube es in den Website-Einstellungen deines Browsers.",
  none: "Kein Mikrofon gefunden.",
  insecure: "Browser erlauben das Mikrofon nur über HTTPS.",
  failed: "Das Mikrofon ließ sich nicht starten. Vielleicht wird es von einer anderen App verwendet.",
};

/** One's own picture, and that of a group. */
export const photo: Translation["photo"] = {
  change: "Foto ändern",
  add: "Foto hinzufügen",
  choose: "Foto auswählen",
  other: "Anderes auswählen",
  remove: "Foto entfernen",
  crop: "Verschieben und zoomen",
  cropHint: "Zieh das Bild oder benutze die Pfeiltasten.",
  zoom: "Zoom",
  save: "Foto speichern",
  unreadable: "Dieses Bild kann nicht gelesen werden. Wähle ein JPEG, PNG oder WebP.",
  tooLarge: "Dieses Bild ist größer als {{limit}}.",
};
