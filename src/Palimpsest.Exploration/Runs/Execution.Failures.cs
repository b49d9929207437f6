using Palimpsest.Steps;

namespace Palimpsest.Exploration.Runs;

/// <summary>What can go wrong in a run.</summary>
internal sealed partial class Execution
{
    private void Finish()
    {
        if (_mustFinish == 0)
        {
            CheckEnd();
            return;
        }

        Failure = new Failure(FailureKind.Deadlock, nameof(Discipline.Deadlock), "nobody can go on: " + Standing(), Steps);
    }

    private void CheckEnd() => Check(isEnd: true);

    private void Check(bool isEnd)
    {
        _machine.Controller = null;
        _machine.Current = _boot;
        try
        {
            if ((isEnd ? _stage.CheckEnd() : _stage.CheckStep()) is { } broken)
            {
                Failure = new Failure(FailureKind.Law, broken.Law, broken.Message, Steps);
            }
        }
        catch (Exception thrown)
        {
            Fail(thrown);
        }

        _machine.Controller = this;
    }

    private void Fail(Exception thrown) => Failure = thrown is DisciplineException broken
        ? new Failure(FailureKind.Discipline, broken.Discipline.ToString(), broken.Message, Steps, broken)
        : new Failure(FailureKind.Exception, thrown.GetType().Name, thrown.Message, Steps, thrown);
}
