// usage: node browser.mjs [WORDS]
// The site in a real browser; with WORDS only the tests whose name holds them.
// Prints a line a test and at last "N passed, N failed"; exits 0 only when none failed.
// site.mjs says which settings it takes from the environment.

import { run } from './site.mjs';
import './flows.mjs';
import './once.mjs';
import './waiting.mjs';
import './messages.mjs';
import './interface.mjs';
import './pages.mjs';
import './sessions.mjs';
import './attacks.mjs';

process.exitCode = (await run(process.argv[2])) ? 0 : 1;
