/** What is said of pictures, films, sound and files. */
export const media = {
  photo: "Photo",
  video: "Video",
  openPhoto: "Open photo",
  openVideo: "Play video, {{duration}}",
  openVideoUnknown: "Play video",
  more: "Show {{count}} more",
  photos_one: "{{count}} photo",
  photos_other: "{{count}} photos",
  videos_one: "{{count}} video",
  videos_other: "{{count}} videos",
  items_one: "{{count}} item",
  items_other: "{{count}} items",
  files_one: "{{count}} file",
  files_other: "{{count}} files",
  processing: "Processing…",
  uploading: "Uploading, {{percent}}%",
  cancelUpload: "Cancel sending",
  gone: "This file isn’t available any more",
  broken: "Couldn’t be loaded",
  reload: "Load again",
  rejected: {
    broken: "This file couldn’t be read",
    too_large: "This picture is too large to show",
    too_long: "This recording is too long",
    no_sound: "There’s no sound in this recording",
    timeout: "This file took too long to process",
    failed: "This file couldn’t be processed",
  },
  download: "Download {{name}}",
  size: "{{kind}}, {{size}}",
  play: "Play",
  pause: "Pause",
  voice: "Voice message",
  position: "Position",
  positionText: "{{at}} of {{duration}}",
  speed: "Playback speed: {{rate}}×",
} as const;

/** The viewer of pictures and films. */
export const viewer = {
  title: "Photos and videos of {{name}}",
  previous: "Previous",
  next: "Next",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  download: "Download",
  show: "Show in chat",
  close: "Close",
  you: "You",
} as const;

/** What was shared in a chat. */
export const shared = {
  title: "Media, links and files",
  media: "Media",
  files: "Files",
  links: "Links",
  noMedia: "No photos or videos yet",
  mediaHint: "Photos and videos sent in this chat are kept together here.",
  noFiles: "No files yet",
  filesHint: "Documents and audio files sent in this chat are kept together here.",
  noLinks: "No links yet",
  linksHint: "Links sent in this chat are kept together here.",
} as const;

/** Files before they are sent. */
export const attach = {
  media: "Photos and videos",
  camera: "Camera",
  file: "File",
  title: "Send files",
  caption: "Add a caption",
  send: "Send",
  add: "Add more",
  remove: "Remove {{name}}",
  show: "Show {{name}}",
  untouched: "Send as a file",
  untouchedHint: "Original quality. All that a photo holds goes along, such as where it was taken.",
  drop: "Drop files to send them",
  dropHint: "to {{name}}",
  looking: "Preparing…",
  tooMany_one: "Only {{count}} file fits into one message. The others were left out.",
  tooMany_other: "Only {{count}} files fit into one message. The others were left out.",
  tooLarge: "“{{name}}” is larger than {{limit}} and can’t be sent.",
  empty: "“{{name}}” is empty and can’t be sent.",
} as const;

/** Recording one's voice. */
export const recorder = {
  start: "Record a voice message",
  recording: "Recording",
  cancel: "Discard recording",
  stop: "Stop and listen",
  send: "Send voice message",
  slide: "Slide to cancel",
  lock: "Slide up to keep recording",
  play: "Play recording",
  pause: "Pause recording",
  denied: "The microphone is blocked for this site. Allow it in your browser’s site settings.",
  none: "No microphone was found.",
  insecure: "Browsers allow the microphone only over HTTPS.",
  failed: "The microphone couldn’t be started. It may be in use by another app.",
} as const;

/** One's own picture, and that of a group. */
export const photo = {
  change: "Change photo",
  add: "Add a photo",
  choose: "Choose a photo",
  other: "Choose another",
  remove: "Remove photo",
  crop: "Move and zoom",
  cropHint: "Drag the picture, or use the arrow keys.",
  zoom: "Zoom",
  save: "Save photo",
  unreadable: "This picture can’t be read. Choose a JPEG, PNG or WebP.",
  tooLarge: "This picture is larger than {{limit}}.",
} as const;
