-- Fill in what is marked.
SELECT TODO; -- FIXME: leave out what the student is to find
