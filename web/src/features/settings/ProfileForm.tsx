import { useState, type FormEvent } from "react";

import type { Profile } from "@/api/types";
import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { useMessenger } from "@/messenger/react";
import { PhotoButton } from "@/parts/PhotoButton";
import { useStore } from "@/store/react";
import { nameOf } from "@/store/selectors";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { SkeletonRows } from "@/ui/Skeleton";
import { TextField } from "@/ui/TextField";

export function ProfileForm() {
  const me = useStore((state) => state.me);
  return me ? <Form me={me} /> : <SkeletonRows rows={3} />;
}

function Form({ me }: { me: Profile }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const [name, setName] = useState(me.name);
  const [about, setAbout] = useState(me.about);
  const [username, setUsername] = useState(me.username);
  const [state, setState] = useState<"idle" | "busy" | "saved">("idle");
  const [error, setError] = useState<{ field: "username" | "form"; text: string } | null>(null);
  const isChanged = name !== me.name || about !== me.about || username !== me.username;

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    setState("busy");
    setError(null);
    try {
      await messenger.people.updateMe({
        ...(name === me.name ? {} : { name: name.trim() }),
        ...(about === me.about ? {} : { about: about.trim() }),
        ...(username === me.username ? {} : { username: username.trim() }),
      });
      setState("saved");
    } catch (failure) {
      setState("idle");
      const isName = username !== me.username;
      setError({ field: isName ? "username" : "form", text: errorText(t, failure, { "409": t("settings.usernameTaken") }) });
    }
  }

  function edit(set: (text: string) => void): (event: { target: { value: string } }) => void {
    return (event) => {
      set(event.target.value);
      setState("idle");
    };
  }

  return (
    <form onSubmit={(event) => void save(event)} className="space-y-5">
      <div className="flex flex-col items-center gap-3 pb-2">
        <PhotoButton hasPhoto={me.avatar_url !== null} onSave={(picture) => messenger.people.setPhoto(picture)} onRemove={() => messenger.people.setPhoto(null)}>
          <Avatar name={nameOf(me)} seed={me.id} url={me.avatar_url} size="lg" />
        </PhotoButton>
        <p className="text-sm text-ink-2">{t("settings.signedInAs", { identifier: me.email ?? me.phone ?? me.username })}</p>
      </div>
      <TextField label={t("settings.name")} value={name} onChange={edit(setName)} maxLength={64} autoComplete="name" />
      <TextField label={t("settings.about")} hint={t("settings.aboutHint")} value={about} onChange={edit(setAbout)} maxLength={140} />
      <TextField
        label={t("settings.username")}
        hint={t("settings.usernameHint")}
        error={error?.field === "username" ? error.text : null}
        value={username}
        onChange={edit(setUsername)}
        maxLength={32}
        autoCapitalize="none"
        spellCheck={false}
        dir="ltr"
      />
      {error?.field === "form" && (
        <p role="alert" className="text-danger">
          {error.text}
        </p>
      )}
      <div className="flex items-center gap-4">
        <Button type="submit" isBusy={state === "busy"} disabled={!isChanged}>
          {t("common.save")}
        </Button>
        <span role="status" className="font-medium text-online">
          {state === "saved" && t("common.saved")}
        </span>
      </div>
    </form>
  );
}
