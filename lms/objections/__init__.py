"""What participants object to: a question that is faulty, a mark that seems wrong; and what instructors answer."""
