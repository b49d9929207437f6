namespace Palimpsest.Vocabulary;

/// <summary>
/// A file or option from outside that cannot be used. The message is one line for the user: what, where, what to do.
/// </summary>
public class InputException(string message, Exception? inner = null) : Exception(OneLine.Of(message), inner);

/// <summary>An input that is not there.</summary>
public sealed class MissingInputException(string message, Exception? inner = null) : InputException(message, inner);

/// <summary>An argument or option that cannot be used, as opposed to a file.</summary>
public sealed class UsageException(string message) : InputException(message);
