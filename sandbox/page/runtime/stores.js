/** PropertiesService and LockService.
 * https://developers.google.com/apps-script/reference/properties/properties */

class Properties {
  constructor(of) { Object.defineProperty(this, 'of_', {value: of}); }
  get typeName() { return 'PropertiesService.Properties'; }
  toString() { return 'Properties'; }
  getProperty(key) {
    check('PropertiesService.Properties.getProperty', arguments, ['String']);
    return this.getProperties()[key] ?? null;
  }
  getProperties() { return call('properties.read', {of: this.of_}); }
  getKeys() { return Object.keys(this.getProperties()); }
  setProperty(key, value) {
    // Apps Script takes any primitive here and keeps its text.
    check('PropertiesService.Properties.setProperty', arguments,
      ['String', 'String'], ['String', 'number'], ['String', 'Boolean']);
    return this.change_({[key]: String(value)});
  }
  setProperties(properties, deleteAllOthers = false) {
    const texts = Object.entries(properties).map(([key, value]) => [key, String(value)]);
    return this.change_(Object.fromEntries(texts), deleteAllOthers);
  }
  deleteProperty(key) {
    check('PropertiesService.Properties.deleteProperty', arguments, ['String']);
    return this.change_({[key]: null});
  }
  deleteAllProperties() { return this.change_({}, true); }
  change_(changes, alone = false) {
    call('properties.change', {of: this.of_, changes, alone});
    return this;
  }
}

const PropertiesService = {
  getDocumentProperties() {
    permit('properties', 'PropertiesService.getDocumentProperties');
    return execution.trigger?.blind ? null : new Properties('document');
  },
  getUserProperties() {
    permit('properties', 'PropertiesService.getUserProperties');
    return new Properties('user');
  },
  getScriptProperties() {
    permit('properties', 'PropertiesService.getScriptProperties');
    return new Properties('script');
  },
};

class Lock {
  constructor(of) { Object.defineProperty(this, 'of_', {value: of}); }
  get typeName() { return 'LockService.Lock'; }
  toString() { return 'Lock'; }
  tryLock(timeoutInMillis) {
    check('LockService.Lock.tryLock', arguments, ['number']);
    return call('lock.take', {of: this.of_, wait_ms: timeoutInMillis});
  }
  waitLock(timeoutInMillis) {
    check('LockService.Lock.waitLock', arguments, ['number']);
    if (!this.tryLock(timeoutInMillis)) {
      throw exception('Lock timeout: another process was holding the lock for too long.');
    }
  }
  hasLock() { return call('lock.held', {of: this.of_}); }
  releaseLock() { call('lock.release', {of: this.of_}); }
}

const LockService = {
  getDocumentLock() {
    permit('lock', 'LockService.getDocumentLock');
    return execution.trigger?.blind ? null : new Lock('document');
  },
  getUserLock() {
    permit('lock', 'LockService.getUserLock');
    return new Lock('user');
  },
  getScriptLock() {
    permit('lock', 'LockService.getScriptLock');
    return new Lock('script');
  },
};
