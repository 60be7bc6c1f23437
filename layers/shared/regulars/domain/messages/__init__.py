"""What is said: message templates, Liquid in their texts, and the form that FCM takes them in."""
