import { requestOpen } from "@/api/http";
import type { ServerInfo } from "@/api/types";

export function getServer(): Promise<ServerInfo> {
  return requestOpen("GET", "server/");
}
