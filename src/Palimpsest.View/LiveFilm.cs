using Palimpsest.Lab.Courses;
using Palimpsest.Reports;
using Palimpsest.Reports.Html;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.View;

/// <summary>A trial that runs while pages look on; afterwards it answers what is in a cell.</summary>
internal sealed class LiveFilm(Telling telling)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, MemoryMoment> _last = [];
    private volatile Film? _film;
    private CourseStart? _start;

    /// <summary>What a trial is asked for.</summary>
    public CourseRequest Request => new() { Begun = Begun, Reached = Reached };

    /// <summary>All has run.</summary>
    public void Finish(Film film)
    {
        byte[][] designs = [.. film.Designs.Select(design => FilmMessages.Design(design, film.Clock))];
        _film = film;
        telling.SumUp([FilmMessages.Start(_start!), .. designs, FilmMessages.Done(film)]);
    }

    /// <summary>Answers a page; null for what is no question.</summary>
    public byte[]? Answer(ReadOnlyMemory<byte> text) => FilmQuestion.Read(text.Span) is { } question ? Answer(question) : null;

    // By running the design again up to the moment.
    private byte[] Answer(FilmQuestion question)
    {
        try
        {
            FilmDesign? design = _film?.Designs.FirstOrDefault(design => design.Design.Label == question.Design);
            return design is null
                ? FilmMessages.Refused(question, "The pages of a cell can be looked at when the run has ended.")
                : FilmMessages.Opened(question, design.Course.Open(question.Moment, question.Cell));
        }
        catch (UsageException exception)
        {
            return FilmMessages.Refused(question, exception.Message);
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
