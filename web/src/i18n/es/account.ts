import type { Translation } from "@/i18n/translation";

export const account: Translation["account"] = {
  storage: {
    title: "Almacenamiento",
    browser: "En este navegador",
    browserHint: "Tus chats recientes se guardan aquí para que se abran al momento, también sin conexión. Al cerrar sesión se eliminan.",
    unknown: "Desconocido",
  },
  export: {
    title: "Una copia de tus datos",
    text: "Un archivo zip con tu perfil, contactos, mensajes y archivos. Se crea en el servidor y tarda un rato.",
    start: "Solicitar una copia",
    again: "Solicitar una copia nueva",
    waiting: "Esperando su turno…",
    running: "Creando la copia…",
    progress: "Progreso de tu copia",
    ready: "Creada: {{when}}.",
    expires: "Puedes descargarla hasta: {{when}}.",
    download: "Descargar ({{size}})",
    tooMany: "Hoy no puedes solicitar más copias. Inténtalo de nuevo mañana.",
  },
  delete: {
    title: "Eliminar cuenta",
    text: "Tu cuenta se elimina para siempre. Nadie puede recuperarla.",
    start: "Eliminar mi cuenta",
    dialogTitle: "¿Eliminar tu cuenta?",
    goes: "Esto se elimina en todos los dispositivos:",
    what: {
      profile: "Tu perfil, tu nombre y tu foto: los demás verán «Cuenta eliminada»",
      messages: "El texto y los archivos de todos los mensajes que enviaste",
      contacts: "Tus contactos, chats y ajustes",
      groups: "Los grupos que son tuyos pasan a otro miembro",
    },
    copyFirst: "¿Quieres conservar algo? Solicita antes una copia de tus datos.",
    continue: "Continuar",
    confirmTitle: "¿Seguro?",
    confirmText: "Escribe {{identifier}} para eliminar esta cuenta.",
    field: "Tu correo, teléfono o nombre de usuario",
    back: "Atrás",
    confirm: "Eliminar para siempre",
  },
};
