// SPDX-License-Identifier: Apache-2.0
// The fonts of the map's labels: the same Noto files as the page's, given to MapLibre by the ranges
// they cover (`font-faces`), so that it draws its glyphs here and fetches none.
import arabic from '@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-400-normal.woff2?url';
import cyrillic from '@fontsource/noto-sans/files/noto-sans-cyrillic-400-normal.woff2?url';
import cyrillicExt from '@fontsource/noto-sans/files/noto-sans-cyrillic-ext-400-normal.woff2?url';
import devanagari from '@fontsource/noto-sans/files/noto-sans-devanagari-400-normal.woff2?url';
import greek from '@fontsource/noto-sans/files/noto-sans-greek-400-normal.woff2?url';
import latin from '@fontsource/noto-sans/files/noto-sans-latin-400-normal.woff2?url';
import latinExt from '@fontsource/noto-sans/files/noto-sans-latin-ext-400-normal.woff2?url';
import vietnamese from '@fontsource/noto-sans/files/noto-sans-vietnamese-400-normal.woff2?url';

const face = (url: string, ...ranges: string[]) => ({
  url: new URL(url, location.href).href,
  'unicode-range': ranges,
});

export const FONT = 'Noto Sans';

export const fontFaces = () => ({
  [FONT]: [
    face(latin, 'U+0000-00FF', 'U+0131', 'U+0152-0153', 'U+2000-206F', 'U+20AC', 'U+2122'),
    face(arabic, 'U+0600-06FF', 'U+0750-077F', 'U+0870-088E', 'U+0890-0891', 'U+0898-08FF',
      'U+FB50-FDFF', 'U+FE70-FEFC'),
    face(latinExt, 'U+0100-02BA', 'U+1E00-1E9F', 'U+1EF2-1EFF', 'U+2C60-2C7F', 'U+A720-A7FF'),
    face(vietnamese, 'U+0300-0301', 'U+0303-0304', 'U+0308-0309', 'U+0323', 'U+0329',
      'U+1EA0-1EF9', 'U+20AB'),
    face(cyrillic, 'U+0400-045F', 'U+0490-0491', 'U+04B0-04B1', 'U+2116'),
    face(cyrillicExt, 'U+0460-052F', 'U+1C80-1C88', 'U+2DE0-2DFF', 'U+A640-A69F'),
    face(greek, 'U+0370-03FF'),
    face(devanagari, 'U+0900-097F', 'U+1CD0-1CF9', 'U+A8E0-A8FF'),
  ],
});
