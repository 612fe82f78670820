/**
 * @fileoverview Every sentence a person can read, in one place: WORDS, whose rooms are the files
 * Words*.js. {names} are filled in by `say_` here and by `say` in the sidebar, which gets this
 * object whole.
 */

// The rooms come by getters: Apps Script runs the files one after the other, and at load this
// one must not need what another defines.

const WORDS = {
  name: 'Counterfoil',
  get menu() { return WORDS_MENU.menu; },
  get log() { return WORDS_MENU.log; },
  get trouble() { return WORDS_TROUBLE.trouble; },
  get writer() { return WORDS_TROUBLE.writer; },
  get hourly() { return WORDS_MENU.hourly; },
  header: {back: 'Back'},
  tabs: {label: 'Sections', exports: 'Exports', companies: 'Companies', history: 'History'},
  loading: 'Looking up what this sheet has…',
  again: 'Try again',
  get consolidate() { return WORDS_CONSOLIDATE.consolidate; },
  get first() { return WORDS_CONNECT.first; },
  get check() { return WORDS_CONNECT.check; },
  get waiting() { return WORDS_CONNECT.waiting; },
  connected: '{name} is connected',
  connected_next: 'Its lists, transactions and reports can come into this sheet now.',
  not_connected: 'Not connected',
  not_connected_why: 'QuickBooks did not finish connecting. Nothing was stored. Try again.',
  reconnect: 'Reconnect',
  get managed() { return WORDS_MANAGED.managed; },
  get exports() { return WORDS_EXPORTS.exports; },
  get companies() { return WORDS_COMPANIES.companies; },
  get manage() { return WORDS_COMPANIES.manage; },
  get invited() { return WORDS_COMPANIES.invited; },
  get people() { return WORDS_COMPANIES.people; },
  get reconnecting() { return WORDS_COMPANIES.reconnecting; },
  get naming() { return WORDS_EXPORTS.naming; },
  get end() { return WORDS_COMPANIES.end; },
  get leave() { return WORDS_COMPANIES.leave; },
  get erase() { return WORDS_COMPANIES.erase; },
  get help() { return WORDS_CONNECT.help; },
  get saved() { return WORDS_EXPORTS.saved; },
  get table() { return WORDS_EXPORTS.table; },
  get document() { return WORDS_EXPORTS.document; },
  get history() { return WORDS_EXPORTS.history; },
  get next() { return WORDS_PACKS.next; },
  get packs() { return WORDS_PACKS.packs; },
  get dashboard() { return WORDS_PACKS.dashboard; },
  get value() { return WORDS_PACKS.value; },
  get schedule() { return WORDS_EXPORTS.schedule; },
  looking: 'One moment…',
  keep: 'Keep it',
  not_now: 'Not now',
  get form() { return WORDS_FORM.form; },
  get what() { return WORDS_FORM.what; },
  get columns() { return WORDS_FORM.columns; },
  get ties() { return WORDS_TIES.ties; },
  get all() { return WORDS_RUN.all; },
  get run() { return WORDS_RUN.run; },
  get done() { return WORDS_RUN.done; },
  get failed() { return WORDS_TROUBLE.failed; },
  get stopped() { return WORDS_WHY.stopped; },
  get down() { return WORDS_TROUBLE.down; },
  when: {
    now: 'just now',
    minutes: '{n} min ago',
    today: 'today {time}',
    yesterday: 'yesterday {time}',
  },
};

/**
 * @param {string} sentence One of WORDS, with {names}.
 * @param {!Object<string, string|number>} values
 * @return {string}
 */
function say_(sentence, values) {
  const filled = (/** @type {string} */ whole, /** @type {string} */ name) =>
    name in values ? String(values[name]) : whole;
  return sentence.replace(/\{(\w+)\}/g, filled);
}

/** @return {string} WORDS as a JavaScript literal that is safe inside a script element. */
function wordsJson_() {
  return JSON.stringify(WORDS).replace(/</g, '\\u003c');
}
