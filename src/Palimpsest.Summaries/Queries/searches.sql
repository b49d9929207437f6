-- Each design over all random programs.
select label, count(*) as cells, sum(schedules) as schedules, sum(law_violations) as found, min(text) as example
from cells where verb = 'beyond' and status = 'done' group by label order by found desc, label
