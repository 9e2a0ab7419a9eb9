import type { Id } from "@/api/types";
import { Composer } from "@/features/composer/Composer";
import { ConversationView } from "@/features/conversation/ConversationView";
import { JoinRequestsBar } from "@/features/groups/JoinRequests";

/** A chat with all that belongs to it. */
export function ChatPane({ id }: { id: Id }) {
  return <ConversationView id={id} composer={<Composer chat={id} />} notice={<JoinRequestsBar id={id} />} />;
}
