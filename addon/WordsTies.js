/** @fileoverview Checks of a report against others that tell of the same. */

const WORDS_TIES = {
  ties: {
    ask: 'Also check against',
    ask_hint: 'So many calls of QuickBooks more with every refresh.',
    ask_one: '{title}: 1 call',
    ask_many: '{title}: {n} calls',
    label: 'Checks against other reports',
    verdicts: {PASS: 'agrees', FAIL: 'differs', 'NOT APPLICABLE': 'not compared'},
    difference: 'Difference, {currency}',
    between: '{title}, {currency}',
    differ: '{n} checks differ',
    differs: '1 check differs',
    agree: '{n} checks agree',
    agrees: '1 check agrees',
    apart: 'not compared: {n}',
    one: '{title}: {verdict}. {why}',
    pack: '{n} calls more check its reports against each other.',
  },
};
