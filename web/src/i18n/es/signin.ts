import type { Translation } from "@/i18n/translation";

/** How one logs in: addresses and the password, in the settings. */
export const signIn: Translation["signIn"] = {
  email: "Correo",
  phone: "Teléfono",
  none: "Aún no hay",
  add: "Añadir",
  change: "Cambiar",
  addEmail: "Añadir un correo electrónico",
  changeEmail: "Cambiar tu correo electrónico",
  addPhone: "Añadir un número de teléfono",
  changePhone: "Cambiar tu número de teléfono",
  newEmail: "Nuevo correo electrónico",
  newPhone: "Nuevo número de teléfono, con prefijo de país",
  sendCode: "Enviar código",
  taken: "Ya lo usa otra cuenta.",
  changed: "Cambiado.",
  hint: "Aquí se envían los códigos para iniciar sesión. Solo tú ves estos datos.",
  password: "Contraseña",
  passwordHint: "Te permite iniciar sesión sin esperar un código. Si la cambias, se cierra la sesión en tus otros dispositivos.",
  current: "Contraseña actual",
  currentHint: "Déjala vacía si aún no tienes.",
  wanted: "Contraseña nueva",
  wrong: "Esa no es tu contraseña actual.",
  needed: "Escribe tu contraseña actual. Si no tienes o la has olvidado, vuelve a iniciar sesión con un código y regresa antes de diez minutos.",
  set: "Establecer contraseña",
  done: "Tu contraseña está lista.",
};
