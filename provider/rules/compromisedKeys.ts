/**
 * SSH keys whose private half is public, by their SHA-256 fingerprints as `ssh-keygen -l` prints them, with what
 * published them. No package in the registries ships a list of such keys (badkeys downloads its own), so this one is
 * short, and each line was computed from the key in the package that it names.
 */
export const compromisedKeys: Readonly<Record<string, string>> = {
  // Debian's vagrant 2.3.4, keys/vagrant.pub.
  "SHA256:1M4RzhMyWuFS/86uPY/ce2prh/dVTHW7iD2RhpquOZA": "Vagrant's insecure key",
};
