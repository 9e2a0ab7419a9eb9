import { requestOpen } from "@/api/http";
import type { Limits, ServerInfo } from "@/api/types";

export function getServer(): Promise<ServerInfo> {
  return requestOpen("GET", "server/");
}

let limits: Promise<Limits> | null = null;

/** What the server takes; asked for once, as it stays so for the life of the server. */
export function getLimits(): Promise<Limits> {
  limits ??= getServer().then(
    (server) => server.limits,
    (error: unknown) => {
      limits = null;
      throw error;
    },
  );
  return limits;
}
