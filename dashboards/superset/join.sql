SELECT a.name AS name, COUNT(*) AS `rows`, AVG(r.x) AS x, AVG(r.y) AS y, AVG(r.z) AS z
FROM hoplab.readings r JOIN hoplab.activities a ON a.code = r.action
GROUP BY a.name;
