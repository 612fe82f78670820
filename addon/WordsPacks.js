/** @fileoverview First steps, starter packs, dashboards and single values. */

const WORDS_PACKS = {
  next: {
    title: 'Next',
    pack: 'Take a starter pack',
    pack_why: 'Month-end, Sales or Spending: tabs and a dashboard in a minute.',
    first: 'Or make a first export of your own, below.',
    schedule: 'Then let it refresh by itself: “Schedule…” in its menu.',
    another: 'Connect another company',
  },

  packs: {
    open: 'Starter packs',
    title: 'Starter packs',
    heading: 'Several tables at once',
    lead: 'Each pack makes these tabs and a dashboard with charts. Every table is an export that you can change later.',
    make: 'Make {title}',
    making: '{title} of {company}',
    dashboard: 'Drawing the dashboard…',
    done: '{n} tables are there',
  },

  dashboard: {
    tab: 'Dashboard',
    titles: {
      profit: 'Income and profit by month', receivables: 'Owed to us, by age in days', payables: 'Owed by us, by age in days',
      customers: 'Sales: the ten largest customers', vendors: 'Spending: the ten largest vendors',
    },
    income: 'Income',
    net: 'Net income',
    open: 'Open',
    amount: 'Amount',
    checks: 'Checks of the reports against each other, {time}',
  },

  value: {
    open: 'Insert a value…',
    title: 'Insert a value',
    heading: 'Insert a value into the selected cell',
    lead: 'A formula over this table: it follows each refresh, and stays without Counterfoil.',
    account: 'Account',
    account_hint: 'Its name as the table has it, its number, or in a table its id.',
    company: 'Company',
    basis: 'Basis',
    at: 'Balance on',
    balance_hint: 'A day that the table is of, or a cell: \'Set up\'!B1. Signed as printed.',
    movement_hint: 'Days, or cells: \'Set up\'!B1. Whole columns of the table count: by month, whole months. Signed as printed.',
    column: 'Column',
    until: 'Up to column',
    column_hint: 'The same for one column; with two, all from one to the other are added up. Signed as printed.',
    act: 'Insert',
    which: 'Choose an account of this table.',
    days: 'Write a day as 2026-01-31, or name a cell, such as \'Set up\'!B1.',
    inserted: '{cell} shows {shows}. Select another cell for the next one.',
  },
};
