/** @fileoverview Managed refresh: what it needs, step by step, and how it ends. */

const WORDS_MANAGED = {
  managed: {
    who: 'Who refreshes it',
    mine: 'Your Google account, hourly',
    theirs: 'Managed, down to 15 minutes',
    choices: {minutes: 'Every few minutes'},
    minutes: '{n} minutes',
    why: 'Counterfoil’s own Google account writes into this spreadsheet, also while everybody sleeps. It reads QuickBooks as you, and ends when you leave the company or stop sharing.',
    share: '1. Press Share (top right) and add this address as Editor:',
    prove: '2. Press “Turn on”. Counterfoil looks whether you may edit this spreadsheet.',
    address: 'Address to share with',
    copy: 'Copy address',
    save: 'Turn on',
    on: '{title} is refreshed for you now: {words}.',
    line: 'Managed refresh: {words} · next {at}',
    line_of: 'Managed refresh: {words} · as {who}',
    again: 'Turn on again',
    instead: 'Use managed refresh',
    unproven: '{title} is changed, but managed refresh waits: {why}',
    stopped: {
      unshared: 'Managed refresh has stopped: this spreadsheet is not shared with its address as Editor any more. Share it again, then turn it on.',
      unproven: 'Managed refresh has stopped: the export was changed since. Whoever may edit this spreadsheet can turn it on again.',
    },
  },
};
