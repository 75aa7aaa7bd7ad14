/** Public keys made for the tests; their private halves were thrown away. */

export const ed25519 =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEcZYlDv41YPN7+31McNbUVe+pjdj9siMf5SEysRBGh8 ops@acme.example";

export const ecdsa =
  "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBAtDd1S3Z9zO1bD+lbfCoAhp2MqU7cTS" +
  "xVn492L9WNQhZcOM4qteCekodIFNOc0ewkwpLoUiSYoaQhpBrHIUFG4= ops@acme.example";

export const rsa =
  "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCuNC732ES2ui9Il0jk+OxdlT5rEgVBv/1IQJHkt5UMWJzg1MTxvc+FCuZa+h9HLOdE" +
  "3bKLQFb/1C0JecvqARgxm1buEEwdVpMP1RIcbb7fb4r6/jPK2YBuDbDZltiKSnc2ZV17WFcLdczwQ1e3WPQRqYsM7WorMmTcvDvVmUTi" +
  "RGM7vKIEfuVXO2fPhgck5VZ/HTT0DQv63qo5EM+LEMjr5SkYlhxmxQdpByzy0kn4dL6xMMF/VjmuFDP+qW8mkkqiBLJC6dchCb/mjrfu" +
  "lO4czrep2WKPMvNfPdb2fmLAQYpAJvNxxON0MWxe+q3WNBiYpzDLb8hZnTDxIusJaRzt ops@acme.example";
