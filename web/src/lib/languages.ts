// SPDX-License-Identifier: Apache-2.0
/** The languages that the forms offer by name, BCP 47. */
export const languages = ['ar', 'en', 'fr', 'es', 'ru', 'zh', 'fa', 'ku', 'tr', 'uk', 'he'];
