"""Item analysis of quizzes, gains from pretest to posttest, attempts as a table. Changes nothing."""
