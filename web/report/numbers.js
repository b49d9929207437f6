export const count = value => Math.round(value).toLocaleString('en-US');

// Halves go to the even digit, as .NET rounds in the tables: 6.625 must not be 6.62 there and 6.63 here.
export const decimals = (value, digits) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits, roundingMode: 'halfEven' });

// Round numbers for an axis, never more decimals than its steps need.
export const axisNumber = value => value.toLocaleString('en-US', { maximumFractionDigits: 3 });

export function bytes(value) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }

  return `${axisNumber(value)} ${units[unit]}`;
}

export const hex = value => `0x${value.toString(16)}`;

export const escape = text => text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`);
