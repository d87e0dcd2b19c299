// Who is logged in: fetches tokens with the code of the log-in page, keeps them in the browser, renews and withdraws them.

const KEPT = "inglenook_tokens";
const ASKED = "inglenook_login";
const EARLY_MS = 60_000; // an access token is renewed so long before it ends
const clientId = `${location.origin}/`;
const redirectUri = `${location.origin}/`;

export class LoggedOut extends Error {}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

async function ask(path, fields) {
  return fetch(path, { method: "POST", body: new URLSearchParams({ client_id: clientId, ...fields }) });
}

function keep(granted, refreshToken) {
  const tokens = { access: granted.access_token, refresh: refreshToken, ends: Date.now() + granted.expires_in * 1000 };
  localStorage.setItem(KEPT, JSON.stringify(tokens));
  return tokens;
}

function randomText() {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function challengeOf(verifier) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return btoa(String.fromCharCode(...new Uint8Array(digest))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

// Goes to the page of the log-in; it sends the browser back here with a code.
export async function logIn() {
  const asked = { state: randomText(), verifier: randomText(), hash: location.hash };
  const query = new URLSearchParams({ response_type: "code", client_id: clientId, redirect_uri: redirectUri, state: asked.state });
  if (crypto.subtle) { // only where the page came over TLS or from this machine
    query.set("code_challenge", await challengeOf(asked.verifier));
    query.set("code_challenge_method", "S256");
  } else {
    delete asked.verifier;
  }
  sessionStorage.setItem(ASKED, JSON.stringify(asked));
  location.assign(`/auth/authorize?${query}`);
  return new Promise(() => {}); // the page is about to be left
}

// Takes the code from the address if there is one. True when somebody is logged in afterwards.
export async function begin() {
  const query = new URLSearchParams(location.search);
  if (query.has("code")) {
    const asked = JSON.parse(sessionStorage.getItem(ASKED) ?? "{}");
    sessionStorage.removeItem(ASKED);
    history.replaceState(null, "", `/${asked.hash ?? ""}`);
    if (asked.state && asked.state === query.get("state")) {
      const fields = { grant_type: "authorization_code", code: query.get("code") };
      if (asked.verifier) fields.code_verifier = asked.verifier;
      const answer = await ask("/auth/token", fields);
      if (answer.ok) {
        const granted = await answer.json();
        keep(granted, granted.refresh_token);
      }
    }
  }
  return read() !== null;
}

let renewal = null;

// Returns an access token that is good for a while. Throws LoggedOut when the home believes the kept one no more.
export async function accessToken({ isFresh = false } = {}) {
  const tokens = read();
  if (tokens === null) throw new LoggedOut();
  if (!isFresh && tokens.ends - Date.now() > EARLY_MS) return tokens.access;
  renewal ??= renew(tokens).finally(() => {
    renewal = null;
  });
  return renewal;
}

async function renew(tokens) {
  const answer = await ask("/auth/token", { grant_type: "refresh_token", refresh_token: tokens.refresh });
  if (answer.status === 400 || answer.status === 403) {
    localStorage.removeItem(KEPT);
    throw new LoggedOut();
  }
  if (!answer.ok) throw new Error(`the home answered ${answer.status}`);
  return keep(await answer.json(), tokens.refresh).access;
}

export async function logOut() {
  const tokens = read();
  localStorage.removeItem(KEPT);
  if (tokens !== null) await ask("/auth/revoke", { token: tokens.refresh }).catch(() => {});
}

// Calls `act` when somebody logs out in another tab.
export function onLoggedOutElsewhere(act) {
  addEventListener("storage", (event) => {
    if (event.key === KEPT && event.newValue === null) act();
  });
}
