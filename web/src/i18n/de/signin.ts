import type { Translation } from "@/i18n/translation";

/** How one logs in: addresses and the password, in the settings. */
export const signIn: Translation["signIn"] = {
  email: "E-Mail",
  phone: "Telefon",
  none: "Noch keine",
  add: "Hinzufügen",
  change: "Ändern",
  addEmail: "E-Mail-Adresse hinzufügen",
  changeEmail: "E-Mail-Adresse ändern",
  addPhone: "Telefonnummer hinzufügen",
  changePhone: "Telefonnummer ändern",
  newEmail: "Neue E-Mail-Adresse",
  newPhone: "Neue Telefonnummer mit Ländervorwahl",
  sendCode: "Code senden",
  taken: "Diese Adresse gehört zu einem anderen Konto.",
  changed: "Geändert.",
  hint: "Hierhin senden wir Codes zum Anmelden. Nur du siehst das.",
  password: "Passwort",
  passwordHint: "Damit meldest du dich an, ohne auf einen Code zu warten. Änderst du es, werden deine anderen Geräte abgemeldet.",
  current: "Aktuelles Passwort",
  currentHint: "Lass es leer, wenn du noch keins hast.",
  wanted: "Neues Passwort",
  wrong: "Das ist nicht dein aktuelles Passwort.",
  needed: "Gib dein aktuelles Passwort ein. Hast du keins oder hast du es vergessen, melde dich mit einem Code neu an und komm innerhalb von zehn Minuten zurück.",
  set: "Passwort festlegen",
  done: "Dein Passwort ist festgelegt.",
};
