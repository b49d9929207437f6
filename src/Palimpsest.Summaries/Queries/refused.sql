select label, text, count(*) as cells from cells where status = 'refused' group by label, text order by cells desc, label, text limit 10
