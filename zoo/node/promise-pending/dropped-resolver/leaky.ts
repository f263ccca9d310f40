interface Profile {
  readonly user: number;
}

const reading = new Map<number, Promise<Profile>>();

function readProfile(user: number): Promise<Profile> {
  return new Promise((resolve) => {
    setTimeout(() => {
      const isGuest = user > 0;
      if (isGuest) return;
      resolve({ user });
    }, 5);
  });
}

async function profileOf(user: number): Promise<Profile> {
  const known = reading.get(user) ?? readProfile(user);
  reading.set(user, known);
  const profile = await known; // leak: stuck here
  reading.delete(user);
  return profile;
}

export async function request(n: number): Promise<void> {
  await profileOf(n); // leak: started here
}
