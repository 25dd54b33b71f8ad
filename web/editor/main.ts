// The editor of runbooks in the browser. The page works without it: a text area, a button that checks, a button that saves.

import { upgrade } from './upgrade';

const area = document.querySelector<HTMLTextAreaElement>('.editor textarea[name=source]');
if (area?.form) upgrade(area, area.form);
