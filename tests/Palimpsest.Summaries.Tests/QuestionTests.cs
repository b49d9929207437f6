using Palimpsest.Sweeps.Cells;
using Palimpsest.Vocabulary;
using static Palimpsest.Summaries.Tests.SummaryStage;

namespace Palimpsest.Summaries.Tests;

/// <summary>Questions to the cells: one SELECT, nothing but the results, and every kind of value in its answer.</summary>
public sealed class QuestionTests : IDisposable
{
    private readonly SummaryStage _stage = new();

    [Theory]
    [InlineData("copy cells to '/tmp/none.csv'", "give one SELECT")]
    [InlineData("attach '/tmp/none.db' as other", "give one SELECT")]
    [InlineData("drop view cells", "give one SELECT")]
    [InlineData("insert into asked values ('x')", "give one SELECT")]
    [InlineData("pragma database_list", "give one SELECT")]
    [InlineData("set threads = 1", "give one SELECT")]
    [InlineData("select 1; select 2", "give one SELECT")]
    [InlineData("", "give one SELECT")]
    [InlineData("select * from read_text('/etc/hostname')", "Permission Error")]
    [InlineData("select * from read_csv('/etc/passwd')", "Permission Error")]
    [InlineData("select * from '/etc/passwd'", "--sql: ")]
    [InlineData("selec 1", "syntax error")]
    [InlineData("select nothing from cells", "nothing")]
    [InlineData("select 1 as \"x\ny\" from none", "none")]
    public void AQuestionIsOneSelectAndReadsNothingElse(string sql, string expected)
    {
        using ResultTable table = Swept();

        string message = Assert.Throws<UsageException>(() => table.Ask(sql)).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.Equal(20L, Convert.ToInt64(table.Ask("select count(*) from cells").Rows[0][0], null));
    }

    [Theory]
    [InlineData("date '2026-11-30'", "2026-11-30")]
    [InlineData("timestamp '2026-11-30 01:02:03'", "2026-11-30 01:02:03")]
    [InlineData("timestamp '2026-11-30 01:02:03.25'", "2026-11-30 01:02:03.25")]
    [InlineData("time '01:02:03'", "01:02:03")]
    [InlineData("'\\xAA\\x00b'::blob", "aa0062")]
    [InlineData("1 = 1", "true")]
    [InlineData("[1, 2]", "1 2")]
    [InlineData("['a', 'b']", "a b")]
    [InlineData("{'a': 1, 'b': 'x'}", "\"{a: 1, b: x}\"")]
    [InlineData("170141183460469231731687303715884105727::hugeint", "170141183460469231731687303715884105727")]
    [InlineData("18446744073709551615::ubigint", "18446744073709551615")]
    [InlineData("1.50::decimal(10, 2)", "1.50")]
    [InlineData("1e300", "1E+300")]
    [InlineData("1 / 3::double", "0.3333333333333333")]
    [InlineData("null", "")]
    [InlineData("''", "")]
    [InlineData("'a,b'", "\"a,b\"")]
    [InlineData("'a\"b'", "\"a\"\"b\"")]
    public void AValueOfAnyKindStandsInAnAnswer(string sql, string expected)
    {
        using ResultTable table = Swept();
        using StringWriter csv = new();
        using StringWriter shown = new();
        QueryAnswer answer = table.Ask($"select {sql} as value");

        SummaryCsv.Write(csv, answer);
        SummaryText.Write(new Reports.Text.Terminal(shown, hasStyles: false), answer);

        Assert.Equal($"value\n{expected}\n", csv.ToString());
        Assert.StartsWith("value\n", shown.ToString().TrimStart(), StringComparison.Ordinal);
    }

    /// <summary>What has no type here is refused with what to write instead, and then shown.</summary>
    [Theory]
    [InlineData("date '-4000-01-01'")]
    [InlineData("'infinity'::timestamp")]
    [InlineData("[1, null]")]
    public void AValueThatNobodyCanHoldIsCast(string sql)
    {
        using ResultTable table = Swept();

        Assert.Contains("cast it: day::varchar", Assert.Throws<UsageException>(() => table.Ask($"select {sql} as day")).Message,
            StringComparison.Ordinal);
        Assert.NotEmpty((string)table.Ask($"select ({sql})::varchar as day").Rows[0][0]!);
    }

    [Fact]
    public void CsvHasEveryCellOnceAndReadsBack()
    {
        using ResultTable table = _stage.Swept(_stage.Plan(), cell => Figures(given: cell.Seed / 3.0));
        using StringWriter text = new();
        SummaryCsv.Write(text, table.Ask("select recording, label, seed, given_back_mean_mib from cells order by all"));
        string[] lines = text.ToString().TrimEnd('\n').Split('\n');

        Assert.Equal(21, lines.Length);
        Assert.Equal("recording,label,seed,given_back_mean_mib", lines[0]);
        Assert.Equal("\"odd, \"\"name\"\" <script>.dat\",cells,1,0.3333333333333333", lines[1]);
        Assert.Equal(20, table.Ask(SummaryCsv.AllCells).Rows.Count);
    }

    /// <summary>2^53 + 1 is no double, and 2^64 - 1 is the largest seed.</summary>
    [Fact]
    public void SeedsAreWholeHoweverLarge()
    {
        SweepPlan plan = _stage.Plan(designs: """{ "name": "packed" }""",
            seeds: "9007199254740992, 9007199254740993, 18446744073709551615");
        using ResultTable table = _stage.Swept(plan, _ => Figures(given: 1));
        using StringWriter csv = new();
        using StringWriter page = new();
        SummaryCsv.Write(csv, table.Ask("select distinct seed from cells order by seed"));
        SummaryHtml.Write(page, table, SweepSummary.Of(table));

        Assert.Equal("seed\n9007199254740992\n9007199254740993\n18446744073709551615\n", csv.ToString());
        Assert.Contains(",\"9007199254740993\",", page.ToString(), StringComparison.Ordinal);
        Assert.Contains(",\"18446744073709551615\",", page.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _stage.Dispose();

    private ResultTable Swept() => _stage.Swept(_stage.Plan(), _ => Figures(given: 1));
}
