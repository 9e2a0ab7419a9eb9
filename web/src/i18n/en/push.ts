/** What notifications of the system say; the service worker carries these. */
export const push = {
  app: "chatproject",
  message: "You have a new message",
  messages: "You have new messages",
  kinds: {
    call: "Incoming call",
    connection_request: "Wants to connect with you",
    connection_accepted: "Accepted your request",
    join_request: "Asks to join your group",
    join_approved: "Let you into the group",
    join_rejected: "Your request to join was declined",
    reaction: "Reacted to your message",
  },
  files: {
    image: "📷 Photo",
    video: "🎬 Video",
    audio: "🎵 Audio",
    voice: "🎤 Voice message",
    file: "📄 File",
    location: "📍 Location",
    contact: "👤 Contact",
    poll: "📊 Poll",
  },
  other: "Something new",
} as const;
