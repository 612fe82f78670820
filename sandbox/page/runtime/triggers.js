/** Time triggers. https://developers.google.com/apps-script/reference/script/clock-trigger-builder */

const EventType = enumeration('EventType', ['CLOCK', 'ON_OPEN', 'ON_EDIT', 'ON_FORM_SUBMIT', 'ON_CHANGE']);
const TriggerSource = enumeration('TriggerSource', ['SPREADSHEETS', 'CLOCK', 'FORMS', 'DOCUMENTS', 'CALENDAR']);
const WeekDay = enumeration('Weekday',
  ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY']);

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

class Trigger {
  constructor(known) { Object.defineProperty(this, 'known_', {value: known}); }
  get typeName() { return 'ScriptApp.Trigger'; }
  toString() { return 'Trigger'; }
  getUniqueId() { return this.known_.id; }
  getHandlerFunction() { return this.known_.handler; }
  getEventType() { return EventType.CLOCK; }
  getTriggerSource() { return TriggerSource.CLOCK; }
  getTriggerSourceId() { return null; }
}

class TriggerBuilder {
  constructor(handler) { Object.defineProperty(this, 'handler_', {value: handler}); }
  get typeName() { return 'ScriptApp.TriggerBuilder'; }
  toString() { return 'TriggerBuilder'; }
  timeBased() { return new ClockTriggerBuilder(this.handler_); }
}

class ClockTriggerBuilder {
  constructor(handler) {
    Object.defineProperty(this, 'asked_', {value: {handler, after_s: null, repeats: true}});
  }
  get typeName() { return 'ScriptApp.ClockTriggerBuilder'; }
  toString() { return 'ClockTriggerBuilder'; }
  everyMinutes(n) { return this.every_('everyMinutes', arguments, n * MINUTE_S); }
  everyHours(n) { return this.every_('everyHours', arguments, n * HOUR_S); }
  everyDays(n) { return this.every_('everyDays', arguments, n * DAY_S); }
  everyWeeks(n) { return this.every_('everyWeeks', arguments, n * 7 * DAY_S); }
  after(durationMilliseconds) {
    this.every_('after', arguments, durationMilliseconds / 1000);
    this.asked_.repeats = false;
    return this;
  }
  at(date) {
    check('ScriptApp.ClockTriggerBuilder.at', arguments, ['Date']);
    return this.after(Math.max(0, date.getTime() - Date.now()));
  }
  create() {
    if (this.asked_.after_s === null) {
      throw exception('The trigger needs a time: everyHours, everyDays, after and others set it.');
    }
    return new Trigger(call('trigger.create', this.asked_));
  }
  every_(method, args, seconds) {
    check(`ScriptApp.ClockTriggerBuilder.${method}`, args, ['number']);
    this.asked_.after_s = seconds;
    return this;
  }
}
