/** What stands for a value that is not known yet, between Pulumi's engine and a provider. */

/** What check and diff are given, whatever the type should be. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The values of every type: a string, a flag, a number, an array, an object. A service never means it. */
export const unknownValues: readonly string[] = [
  unknownValue,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];
