import type { Translation } from "@/i18n/translation";

/** What is said of pictures, films, sound and files. */
export const media: Translation["media"] = {
  photo: "Foto",
  video: "Vídeo",
  openPhoto: "Abrir foto",
  openVideo: "Reproducir vídeo, {{duration}}",
  openVideoUnknown: "Reproducir vídeo",
  more: "Mostrar {{count}} más",
  photos_one: "{{count}} foto",
  photos_many: "{{count}} de fotos",
  photos_other: "{{count}} fotos",
  videos_one: "{{count}} vídeo",
  videos_many: "{{count}} de vídeos",
  videos_other: "{{count}} vídeos",
  items_one: "{{count}} elemento",
  items_many: "{{count}} de elementos",
  items_other: "{{count}} elementos",
  files_one: "{{count}} archivo",
  files_many: "{{count}} de archivos",
  files_other: "{{count}} archivos",
  processing: "Procesando…",
  uploading: "Subiendo, {{percent}} %",
  cancelUpload: "Cancelar el envío",
  gone: "Este archivo ya no está disponible",
  broken: "No se pudo cargar",
  reload: "Volver a cargar",
  rejected: {
    broken: "No se pudo leer este archivo",
    too_large: "Esta imagen es demasiado grande para mostrarla",
    too_long: "Esta grabación es demasiado larga",
    no_sound: "Esta grabación no tiene sonido",
    timeout: "Se tardó demasiado en procesar este archivo",
    failed: "No se pudo procesar este archivo",
  },
  download: "Descargar {{name}}",
  size: "{{kind}}, {{size}}",
  play: "Reproducir",
  pause: "Pausar",
  voice: "Mensaje de voz",
  position: "Posición",
  positionText: "{{at}} de {{duration}}",
  speed: "Velocidad: {{rate}}×",
};

/** The viewer of pictures and films. */
export const viewer: Translation["viewer"] = {
  title: "Fotos y vídeos de {{name}}",
  previous: "Anterior",
  next: "Siguiente",
  zoomIn: "Acercar",
  zoomOut: "Alejar",
  download: "Descargar",
  show: "Ver en el chat",
  close: "Cerrar",
  you: "Tú",
};

/** What was shared in a chat. */
export const shared: Translation["shared"] = {
  title: "Multimedia, enlaces y archivos",
  media: "Multimedia",
  files: "Archivos",
  links: "Enlaces",
  noMedia: "Aún no hay fotos ni vídeos",
  mediaHint: "Aquí se reúnen las fotos y los vídeos enviados en este chat.",
  noFiles: "Aún no hay archivos",
  filesHint: "Aquí se reúnen los documentos y los audios enviados en este chat.",
  noLinks: "Aún no hay enlaces",
  linksHint: "Aquí se reúnen los enlaces enviados en este chat.",
};

/** Files before they are sent. */
export const attach: Translation["attach"] = {
  media: "Fotos y vídeos",
  camera: "Cámara",
  file: "Archivo",
  title: "Enviar archivos",
  caption: "Añade un comentario",
  send: "Enviar",
  add: "Añadir más",
  remove: "Quitar {{name}}",
  show: "Mostrar {{name}}",
  untouched: "Enviar como archivo",
  untouchedHint: "Calidad original. También se envía lo que guarda la foto, como el lugar donde se tomó.",
  drop: "Suelta los archivos para enviarlos",
  dropHint: "a {{name}}",
  looking: "Preparando…",
  tooMany_one: "En un mensaje solo cabe {{count}} archivo. Los demás se han descartado.",
  tooMany_many: "En un mensaje solo caben {{count}} de archivos. Los demás se han descartado.",
  tooMany_other: "En un mensaje solo caben {{count}} archivos. Los demás se han descartado.",
  tooLarge: "«{{name}}» supera {{limit}} y no se puede enviar.",
  empty: "«{{name}}» está vacío y no se puede enviar.",
};

/** Recording one's voice. */
export const recorder: Translation["recorder"] = {
  start: "Grabar un mensaje de voz",
  recording: "Grabando",
  cancel: "Descartar la grabación",
  stop: "Parar y escuchar",
  send: "Enviar mensaje de voz",
  slide: "Desliza para cancelar",
  lock: "Desliza hacia arriba para seguir grabando",
  play: "Reproducir la grabación",
  pause: "Pausar la grabación",
  denied: "El micrófono está bloqueado en este sitio. Permítelo en los ajustes del sitio de tu navegador.",
  none: "No se encontró ningún micrófono.",
  insecure: "Los navegadores solo permiten el micrófono por HTTPS.",
  failed: "No se pudo activar el micrófono. Puede que otra aplicación lo esté usando.",
};

/** One's own picture, and that of a group. */
export const photo: Translation["photo"] = {
  change: "Cambiar la foto",
  add: "Añadir una foto",
  choose: "Elegir una foto",
  other: "Elegir otra",
  remove: "Quitar la foto",
  crop: "Mover y ampliar",
  cropHint: "Arrastra la imagen o usa las flechas del teclado.",
  zoom: "Zoom",
  save: "Guardar foto",
  unreadable: "No se puede leer esta imagen. Elige un JPEG, PNG o WebP.",
  tooLarge: "Esta imagen supera {{limit}}.",
};
