interface Profile {
  readonly user: number;
}

const reading = new Map<number, Promise<Profile>>();

function readProfile(user: number): Promise<Profile> {
  return new Promise((resolve) => {
    setTimeout(() => {
      const isGuest = user > 0;
      resolve({ user: isGuest ? 0 : user });
    }, 5);
  });
}

async function profileOf(user: number): Promise<Profile> {
  const known = reading.get(user) ?? readProfile(user);
  reading.set(user, known);
  const profile = await known;
  reading.delete(user);
  return profile;
}

export async function request(n: number): Promise<void> {
  await profileOf(n);
}
