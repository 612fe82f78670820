/** @fileoverview One report of several companies, added up. */

const WORDS_CONSOLIDATE = {
  consolidate: {
    picks: {all: 'All of them, consolidated', cell: 'The one that a cell names'},
    currency: 'In',
    basis: 'Accrual, for all of them',
    match: 'Accounts are one line by',
    matches: {name: 'Their name', number: 'Their number', mapping: 'The tab “Counterfoil mapping”'},
    rates: 'Rates of exchange',
    rate_sources: {tab: 'From the tab “Counterfoil rates”', quickbooks: 'From QuickBooks'},
    hint: 'A column for each company, eliminations and the total.',
    mapping_hint: 'The first run makes the tab with every account. Type beside each on which line it goes; ' +
      'what has none keeps a line of its own.',
    rates_hint: 'What is missing stops the run, and gets a row in the tab to be filled in. Equity is always at the rates of the tab.',
  },
};
