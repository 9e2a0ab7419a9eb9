/** Emoji to react with: the six that most people want, and more. */
export const QUICK_EMOJI = ["👍", "❤️", "😂", "😮", "😢", "🙏"] as const;

export const MORE_EMOJI = Array.from(
  new Intl.Segmenter().segment("😀😄😅🤣😊😇🙂😉😍🥰😘😋😜🤪🤗🤭🤔🤨😐😏🙄😬😴🥳😎🤓🥺😳😱😭😤😡🤯🥶🤮😷🤠👻💀🤖👋🤝👏🙌👌✌️🤞🤙💪👀🧠👎🫶💯🔥✨⭐🎉🎂🎁🏆❤️‍🔥💔🧡💛💚💙💜🖤🤍☕🍕🍰🍻🌱🌸🌈☀️🌧️⚡❄️🚀✈️🏔️🏖️🚲⚽🎵📷💡📌✅❌❓❗"),
  ({ segment }) => segment,
);
