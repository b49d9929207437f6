using Palimpsest.Lab.Courses;
using Palimpsest.Reports;
using Palimpsest.Reports.Html;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.View;

/// <summary>A trial that runs while pages look on; then and afterwards it answers what is in a cell.</summary>
internal sealed class LiveFilm(Telling telling)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, MemoryMoment> _last = [];
    private readonly Dictionary<string, RunningCourse> _running = [];
    private volatile Film? _film;
    private CourseStart? _start;

    /// <summary>What a trial is asked for.</summary>
    public CourseRequest Request => new() { Begun = Begun, Reached = Reached, Followed = Followed };

    /// <summary>All has run.</summary>
    public void Finish(Film film)
    {
        byte[][] designs = [.. film.Designs.Select(design => FilmMessages.Design(design, film.Clock))];
        _film = film;
        telling.SumUp([FilmMessages.Start(_start!), .. designs, FilmMessages.Done(film)]);
    }

    /// <summary>Answers a page; null for what is no question.</summary>
    public byte[]? Answer(ReadOnlyMemory<byte> text) => FilmQuestion.Read(text.Span) is { } question ? Answer(question) : null;

    // From what was written down of the moment, or by running the design again up to it.
    private byte[] Answer(FilmQuestion question)
    {
        try
        {
            return FilmMessages.Opened(question, question.IsWhole ? Whole(question) : Meanwhile(question));
        }
        catch (InputException exception)
        {
            return FilmMessages.Refused(question, exception.Message);
        }
    }

    private IReadOnlyList<OpenedBlock> Whole(FilmQuestion question) =>
        _film?.Designs.FirstOrDefault(design => design.Design.Label == question.Design)?.Course.Open(question.Moment, question.Cell)
        ?? throw new UsageException($"{question.Design} has not run to its end");

    private IReadOnlyList<OpenedBlock> Meanwhile(FilmQuestion question)
    {
        RunningCourse? course;
        lock (_gate)
        {
            course = _running.GetValueOrDefault(question.Design);
        }

        return course?.Open(question.Moment, question.Cell) ?? throw new UsageException($"{question.Design} has not begun");
    }

    private void Followed(int design, RunningCourse course)
    {
        lock (_gate)
        {
            _running[_start!.Designs[design].Label] = course;
        }
    }

    private void Begun(CourseStart start)
    {
        _start = start;
        telling.Tell(FilmMessages.Start(start));
    }

    private void Reached(int design, MemoryMoment moment)
    {
        lock (_gate)
        {
            telling.Tell(FilmMessages.Moment(design, moment, _last.GetValueOrDefault(design), _start?.Clock ?? TraceClock.Time));
            _last[design] = moment;
        }
    }
}
