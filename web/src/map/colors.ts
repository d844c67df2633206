// SPDX-License-Identifier: Apache-2.0
// The map's colours. They are told apart by light and dark as well as by hue (nobody is asked to
// tell red from green), and never stand alone: every state has a sign and a word too. There is no
// green: nothing on this map says that anything is free.
export const colors = {
  sea: '#cfdbe2',
  land: '#f4f2ec',
  border: '#8d8a84',
  town: '#57534c',
  country: '#6b675f',
  halo: '#ffffff',
  protection: '#14507a',
  unconfirmed: '#4d7c9e',
  conflict: '#a3161d',
  caution: '#8a5300',
  plan: '#4b2a86',
  selected: '#0b1f2a',
} as const;
