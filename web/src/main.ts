// SPDX-License-Identifier: Apache-2.0
// Where the page begins.
import './fonts.css';
import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { page } from './state/page.svelte';

mount(App, { target: document.getElementById('page') as HTMLElement });
void page.begin();
