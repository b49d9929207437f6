using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>Reads small input files whole, with messages for users.</summary>
public static class InputFile
{
    /// <summary>A whole file.</summary>
    /// <param name="most">Bytes above which it is refused.</param>
    /// <exception cref="Vocabulary.InputException">It is missing, too large or unreadable.</exception>
    public static byte[] ReadBytes(string path, long most)
    {
        if (path.Length == 0)
        {
            throw new UsageException("a file needs a name: an option was given an empty path");
        }

        try
        {
            FileInfo file = new(path);
            if (file.Exists && file.Length > most)
            {
                throw new InputException($"{path}: {file.Length:N0} bytes, more than the {most:N0} that such a file can have");
            }

            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MissingInputException($"{path}: no such file; check the path", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read ({exception.Message.TrimEnd('.')}); check the path and its permissions",
                exception);
        }
    }
}
